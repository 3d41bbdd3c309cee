import type { Bell, TurnRequest, TurnResult } from '../../src/events/event-log.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';

/** A log that notes every turn, can be made to fail, and lets a test ring and see who listens. */
export class WatchedLog extends MemoryEventLog {
  readonly turns: TurnRequest[] = [];
  readonly bells = new Set<(bell: Bell) => void>();
  /** Runs within a turn, before its answer is given. */
  onTurn: (request: TurnRequest) => void = () => {};
  onListen: () => void = () => {};
  #changed: () => void = () => {};

  override async turn(project: string, request: TurnRequest): Promise<TurnResult> {
    this.turns.push(request);
    this.#changed();
    this.onTurn(request);
    return await super.turn(project, request);
  }

  override async listen(project: string, onBell: (bell: Bell) => void): Promise<() => void> {
    this.onListen();
    this.bells.add(onBell);
    const leave = await super.listen(project, onBell);
    return () => {
      this.bells.delete(onBell);
      leave();
    };
  }

  ring(bell: Bell): void {
    for (const listener of this.bells) listener(bell);
  }

  /** Resolves once this many turns have been asked for. */
  async turned(count: number): Promise<void> {
    while (this.turns.length < count) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
