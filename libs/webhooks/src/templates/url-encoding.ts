/**
 * Encodes text for any place of a URL behind its authority: only letters, digits and `-_.~` stay.
 * Lone surrogates, on which `encodeURIComponent` throws, become U+FFFD.
 */
export function encodeUrlPart(text: string): string {
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, hex);
}

/** Encodes what a URL cannot hold as it is (anything beyond ASCII) and leaves written escapes alone. */
export function encodeUrlLiteral(text: string): string {
  return text.replace(/[\u0080-\uffff]+/g, encodeUrlPart);
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
