import type { Offer, OfferImage, Seller } from '@prisma/client'

type Loaded = Offer & { seller: Seller; images: OfferImage[] }

export interface OfferDocument {
  title: string
  price: number | null
  thumbnail?: string
  facets: string[]
  boost: number
}

function thumbnail(images: OfferImage[]): string | undefined {
  if (!images.length) return undefined //= return: no  pure helper
  const cover = images.find((image) => image.cover)
  if (cover) return cover.url //= return: no  pure helper
  return images[0].url
}

function boostOf(seller: Seller): number {
  if (seller.tier === 'GOLD') return 1.5 //= return: no  pure helper
  else if (seller.tier === 'SILVER') return 1.2 //= return: no  pure helper
  return 1
}

function facetsOf(attributes: unknown): string[] {
  if (!attributes || typeof attributes !== 'object') return [] //= return: no  pure parser
  return Object.entries(attributes).map(([key, value]) => `${key}:${String(value).toLowerCase()}`)
}

export function toDocument(offer: Loaded): OfferDocument {
  return {
    title: offer.title.trim(),
    price: offer.priceOnRequest ? null : offer.priceCents / 100,
    thumbnail: thumbnail(offer.images),
    facets: facetsOf(offer.attributes),
    boost: boostOf(offer.seller),
  }
}

export function decodeCursor(cursor?: string): { score: number; id: string } | null {
  if (!cursor) return null //= return: no  parser
  try {
    const [score, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return { score, id } //= return: no  normal result
  } catch { //= catch: no  decode probe with a fallback
    return null //= return: no  parser
  }
}
