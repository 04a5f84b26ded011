export interface Point {
  lat: number
  lon: number
}

export interface Circle {
  kind: 'circle'
  centre: Point
  metres: number
}

export interface Polygon {
  kind: 'polygon'
  ring: Point[]
}

export type Shape = Circle | Polygon

const EARTH = 6_371_000
const rad = (degrees: number) => (degrees * Math.PI) / 180

export function distance(a: Point, b: Point): number {
  if (a.lat === b.lat && a.lon === b.lon) return 0 //= return: no  pure function
  const dLat = rad(b.lat - a.lat)
  const dLon = rad(b.lon - a.lon)
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(h))
}

export function contains(shape: Shape, point: Point): boolean {
  switch (shape.kind) {
    case 'circle':
      return distance(shape.centre, point) <= shape.metres //= return: no  predicate
    case 'polygon': {
      if (shape.ring.length < 3) return false //= return: no  predicate
      let inside = false
      for (let i = 0, j = shape.ring.length - 1; i < shape.ring.length; j = i++) {
        const a = shape.ring[i]
        const b = shape.ring[j]
        const crosses = a.lat > point.lat !== b.lat > point.lat
        if (crosses && point.lon < ((b.lon - a.lon) * (point.lat - a.lat)) / (b.lat - a.lat) + a.lon) inside = !inside
      }
      return inside //= return: no  predicate
    }
  }
}

export function parsePoint(text: string): Point | undefined {
  const [lat, lon] = text.split(',').map(Number)
  if (!Number.isFinite(lat) || !Number.isFinite(lon)) return undefined //= return: no  parser
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return //= return: no  parser
  return { lat, lon }
}
