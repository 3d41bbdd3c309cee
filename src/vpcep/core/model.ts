export const EndpointServiceType = { GATEWAY: 'GATEWAY', INTERFACE: 'INTERFACE', UNKNOWN: 'UNKNOWN' } as const;
export type EndpointServiceType = keyof typeof EndpointServiceType;

export const EnableStatus = { ENABLE: 'ENABLE', DISABLE: 'DISABLE', UNKNOWN: 'UNKNOWN' } as const;
export type EnableStatus = keyof typeof EnableStatus;

export const IpVersion = { IPV4: 'IPV4', DUALSTACK: 'DUALSTACK', UNKNOWN: 'UNKNOWN' } as const;
export type IpVersion = keyof typeof IpVersion;

export const PolicyEffect = { ALLOW: 'ALLOW', DENY: 'DENY', UNKNOWN: 'UNKNOWN' } as const;
export type PolicyEffect = keyof typeof PolicyEffect;

export type JsonObject = { readonly [key: string]: unknown };

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/**
 * The tag that marks what an idempotency key has created (docs/decisions/0004-create-once.md). It is the gateway's own:
 * nothing that the gateway answers shows it.
 */
export const MARK_TAG_KEY = 'vpcep-gateway.key';

/** Ours included. NOTES.md, "Rules on input": 10 in one source, 20 in two; the smaller one is upstream's to refuse. */
export const MOST_TAGS = 20;

export function visibleTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.some(({ key }) => key === MARK_TAG_KEY) ? tags.filter(({ key }) => key !== MARK_TAG_KEY) : tags;
}

export interface PolicyStatement {
  readonly effect: PolicyEffect;
  /** Upstream's own word; null when it has none. */
  readonly rawEffect: string | null;
  readonly action: readonly string[];
  readonly notAction: readonly string[];
  readonly resource: readonly string[];
  readonly notResource: readonly string[];
  /** JSON as it came; null: none. */
  readonly condition: unknown;
  readonly sid: string | null;
}

/** An entry of `error[]` inside a successful body: data, not a failure (SIGNING.md, "Errors", last paragraph). */
export interface UpstreamFault {
  readonly code: string | null;
  readonly message: string | null;
}
