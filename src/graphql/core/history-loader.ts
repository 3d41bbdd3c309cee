import DataLoader from 'dataloader';
import type { StatusEvent, StatusFeed } from '../../watch/watch.ts';

interface HistoryKey {
  readonly projectId: string;
  readonly endpointId: string;
  readonly last: number;
}

export type HistoryLoader = DataLoader<HistoryKey, readonly StatusEvent[]>;

/** A page of endpoints reads the log once. Batches only: what a subscription asks again later must be read again. */
export function createHistoryLoader(feed: StatusFeed): HistoryLoader {
  return new DataLoader(
    async (keys: readonly HistoryKey[]) => {
      const found = new Map<HistoryKey, readonly StatusEvent[]>();
      await Promise.all(
        groupBy(keys).map(async ({ projectId, last, group }) => {
          const events = await feed.history(
            projectId,
            group.map((key) => key.endpointId),
            last,
          );
          for (const key of group)
            found.set(
              key,
              events.filter((event) => event.endpointId === key.endpointId),
            );
        }),
      );
      return keys.map((key) => found.get(key) ?? []);
    },
    { cache: false },
  );
}

/** One read serves the keys of one project that want equally many. */
function groupBy(keys: readonly HistoryKey[]): readonly { projectId: string; last: number; group: HistoryKey[] }[] {
  const groups = new Map<string, { projectId: string; last: number; group: HistoryKey[] }>();
  for (const key of keys) {
    const name = `${key.last} ${key.projectId}`;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { projectId: key.projectId, last: key.last, group: [key] });
    else known.group.push(key);
  }
  return [...groups.values()];
}
