/** Tags of endpoints and endpoint services (schema/vpcep.openapi.yaml, tag "Tags"). */
import type { JsonObject, Tag } from '../core/model.ts';

export const TaggedResourceType = { ENDPOINT: 'ENDPOINT', ENDPOINT_SERVICE: 'ENDPOINT_SERVICE' } as const;
export type TaggedResourceType = keyof typeof TaggedResourceType;

export interface TaggedResourceRef {
  readonly resourceType: TaggedResourceType;
  readonly resourceId: string;
}

/** What to take away: the key whatever its value, or only this pair. */
export interface TagRemoval {
  readonly key: string;
  readonly value?: string;
}

/** A key with the values that are in use, or that are looked for; looking for none means any value. */
export interface TagValues {
  readonly key: string;
  readonly values: readonly string[];
}

/** All given conditions must hold. At most 10 keys of 10 values each (docs/upstream/NOTES.md, "Lists"). */
export interface ResourceTagQuery {
  /** Has all of these keys. */
  readonly tags?: readonly TagValues[];
  /** Has any of these keys. */
  readonly tagsAny?: readonly TagValues[];
  /** Lacks all of these keys. */
  readonly notTags?: readonly TagValues[];
  /** Lacks any of these keys. */
  readonly notTagsAny?: readonly TagValues[];
  readonly sysTags?: readonly TagValues[];
  /** Part of the name, in any case: the only field that upstream can search. */
  readonly resourceName?: string;
  /** Only what has no tag at all; upstream then ignores the conditions on tags. */
  readonly withoutAnyTag?: boolean;
}

export interface TaggedResource {
  readonly resourceId: string;
  /** The id when it has no name. */
  readonly resourceName: string | null;
  readonly tags: readonly Tag[];
  readonly resourceDetail: JsonObject | null;
}

export interface TaggedResourcePage {
  readonly resources: readonly TaggedResource[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}
