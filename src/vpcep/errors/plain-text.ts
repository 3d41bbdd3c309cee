/** Upstream's words, made fit for an error message: no address, no secret, no control character, not long. */

const LONGEST = 200;
const RULES: readonly (readonly [RegExp, string])[] = [
  [/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' '],
  [/<[^<>]*>/g, ' '],
  [/\b[a-z][a-z0-9+.-]{0,20}:\/\/\S*/gi, '[address]'],
  [/\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|eu|cn|net|org|local|internal)\b\S*/gi, '[address]'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '[address]'],
  // "Access=…", "token: …", "sk = …": the word is harmless, what follows is not.
  [
    /\b(access|ak|sk|signature|credential|authorization|token|secret|password|x-[a-z-]+)["']?\s*[=:]\s*["']?[^\s,;"']+/gi,
    '$1=[hidden]',
  ],
  // Anything that long without a space is a key, a token or a signature; ids (UUID, 32 hex digits) are shorter.
  [/[A-Za-z0-9+/=_~-]{37,}/g, '[hidden]'],
  // Access keys: 20 capitals and digits.
  [/\b[A-Z0-9]{20}\b/g, '[hidden]'],
  [/\s+/g, ' '],
];

/** @returns undefined when nothing readable is left. */
export function plainText(text: string): string | undefined {
  // Enough to judge what will be shown; patterns never run over a megabyte.
  let plain = text.slice(0, LONGEST * 4);
  for (const [pattern, replacement] of RULES) {
    plain = plain.replace(pattern, replacement);
  }
  plain = plain.trim();
  if (plain === '') {
    return undefined;
  }
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).replace(/\p{Cs}$/u, '')}…` : plain;
}
