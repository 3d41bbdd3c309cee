/** The permissions of all services: callers besides the owner that may connect (vpcep.openapi.yaml, `EpsPermission`). */
import { randomUUID } from 'node:crypto';
import { orgPathOf } from './identity.ts';

export interface SimulatedPermission {
  readonly id: string;
  readonly permission: string;
  readonly type: 'domainId' | 'orgPath';
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Order of creation, the tie-breaker of lists. */
  readonly number: number;
}

/** The forms of a permission (vpcep.openapi.yaml, `x-inferred-pattern`). */
const FORM = /^(\*|iam:domain::([A-Za-z0-9]{1,64}|\*)|organizations:orgPath::[A-Za-z0-9/*?_-]{1,1024})$/;
const ORG_PATH = 'organizations:orgPath::';

export class Permissions {
  readonly #byService = new Map<string, Map<string, SimulatedPermission>>();
  #lastNumber = 0;

  /** Oldest first. */
  of(serviceId: string): readonly SimulatedPermission[] {
    return [...(this.#byService.get(serviceId)?.values() ?? [])];
  }

  /** One that is there already stays as it is: no document names an error for that. */
  add(serviceId: string, permission: string, description: string, now: number): SimulatedPermission {
    const known = this.of(serviceId).find((candidate) => candidate.permission === permission);
    if (known !== undefined) return known;
    const added = {
      id: randomUUID(),
      permission,
      type: typeOf(permission),
      description,
      createdAt: now,
      number: ++this.#lastNumber,
    };
    this.#put(serviceId, added);
    return added;
  }

  describe(serviceId: string, id: string, description: string): SimulatedPermission | undefined {
    const known = this.#byService.get(serviceId)?.get(id);
    if (known === undefined) return undefined;
    const described = { ...known, description };
    this.#put(serviceId, described);
    return described;
  }

  remove(serviceId: string, id: string): void {
    this.#byService.get(serviceId)?.delete(id);
  }

  #put(serviceId: string, permission: SimulatedPermission): void {
    const ofService = this.#byService.get(serviceId) ?? new Map<string, SimulatedPermission>();
    this.#byService.set(serviceId, ofService.set(permission.id, permission));
  }
}

export function isPermission(text: string): boolean {
  return text.length <= 1024 && FORM.test(text);
}

export function typeOf(permission: string): SimulatedPermission['type'] {
  return permission.startsWith(ORG_PATH) ? 'orgPath' : 'domainId';
}

export function grants(permission: string, domainId: string): boolean {
  if (permission.startsWith(ORG_PATH)) return matchesPath(permission.slice(ORG_PATH.length), orgPathOf(domainId));
  return permission === '*' || permission === 'iam:domain::*' || permission === `iam:domain::${domainId}`;
}

/** `*` stands for any text, `?` for one character: the pattern allows both, their meaning is inferred. */
function matchesPath(pattern: string, path: string): boolean {
  const source = pattern.replace(/[*?]/g, (wildcard) => (wildcard === '*' ? '.*' : '.'));
  return new RegExp(`^${source}$`).test(path);
}
