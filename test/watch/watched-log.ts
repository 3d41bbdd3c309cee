import type { LeaseRequest, LeaseResult, Notification } from '../../src/events/event-log.ts';
import { MemoryEventLog } from '../../src/events/memory/memory-event-log.ts';

/** A log that notes lease requests, can be made to fail, and lets a test notify and count its listeners. */
export class WatchedLog extends MemoryEventLog {
  readonly leaseRequests: LeaseRequest[] = [];
  readonly listeners = new Set<(notification: Notification) => void>();
  /** Called before a lease request is answered. */
  onLease: (request: LeaseRequest) => void = () => {};
  onListen: () => void = () => {};
  #changed: () => void = () => {};

  override async lease(project: string, request: LeaseRequest): Promise<LeaseResult> {
    this.leaseRequests.push(request);
    this.#changed();
    this.onLease(request);
    return await super.lease(project, request);
  }

  override async listen(project: string, onNotification: (notification: Notification) => void): Promise<() => void> {
    this.onListen();
    this.listeners.add(onNotification);
    const leave = await super.listen(project, onNotification);
    return () => {
      this.listeners.delete(onNotification);
      leave();
    };
  }

  notify(notification: Notification): void {
    for (const listener of this.listeners) listener(notification);
  }

  /** Resolves once there were so many lease requests. */
  async leased(count: number): Promise<void> {
    while (this.leaseRequests.length < count) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}
