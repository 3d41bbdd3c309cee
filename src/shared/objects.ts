export type Present<T> = { -readonly [K in keyof T]?: Exclude<T[K], undefined> };

export function withoutUndefined<T extends object>(record: T): Present<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** An empty list or object. */
export function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Without undefined, empty lists and empty objects. */
export function withoutEmpty<T extends object>(record: T): Present<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && !isEmpty(value)),
  ) as Present<T>;
}
