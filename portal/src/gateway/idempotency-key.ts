/** One for each form: however often the form is sent, it creates once. Also on pages over plain http, without `crypto.randomUUID`. */
export function newKey(): string {
  return `portal-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
