import crypto from "crypto";
import env from "../env";

const UrlIdLength = 10;

export const generateUrlId = () =>
  crypto.randomBytes(UrlIdLength).toString("base64url").replace(/[-_]/g, "").slice(0, UrlIdLength);

export function isUrl(text: string, options?: { requireHttps?: boolean }) {
  if (text.match(/\n/)) {
    return false; //= return: no  predicate
  }
  try {
    const url = new URL(text);
    if (options?.requireHttps && url.protocol !== "https:") return false; //= return: no  predicate
    if (["http:", "https:", "mailto:", "ftp:"].includes(url.protocol)) {
      return true; //= return: no  predicate
    }
    return url.hostname !== ""; //= return: no  predicate
  } catch { //= catch: no  URL probe
    return false; //= return: no  predicate
  }
}

export function isInternalUrl(href: string) {
  // relative paths are ours by definition
  if (href[0] === "/") return true; //= return: no  predicate
  try {
    const domain = new URL(href);
    const own = new URL(env.URL);
    return domain.host === own.host || domain.host.endsWith(`.${own.host}`); //= return: no  predicate
  } catch (err) { //= catch: no  URL probe
    return false; //= return: no  predicate
  }
}

export function parseDocumentSlug(url: string): string | undefined {
  let parsed = url;
  if (url.startsWith("http")) {
    try {
      parsed = new URL(url).pathname;
    } catch { //= catch: no  URL probe
      return; //= return: no  parser
    }
  }
  return parsed.match(/^\/doc\/([0-9a-zA-Z-_~]*-[a-zA-Z0-9]{10,15})/)?.[1];
}
