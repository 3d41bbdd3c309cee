/** Who may connect to an endpoint service (schema/vpcep.openapi.yaml, `EpsPermission`). */

export interface ServicePermission {
  readonly id: string;
  /** `iam:domain::<account or *>`, `organizations:orgPath::<path>` or `*`; empty when upstream did not say. */
  readonly permission: string;
  /** Upstream's own word. */
  readonly rawPermissionType: string | null;
  /** Not in list rows of every site (docs/upstream/NOTES.md, "Fields that differ between answers"). */
  readonly description: string | null;
  /** UTC text `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly createdAt: string | null;
}

export interface PermissionPage {
  readonly permissions: readonly ServicePermission[];
  /** All matches, paging ignored. */
  readonly totalCount: number;
}

/** The most rows that upstream gives of this list, half of what others give (docs/upstream/NOTES.md, "Lists"). */
export const FULL_PERMISSION_PAGE = 500;

/** Query of ListServicePermissionsDetails. */
export interface ListPermissionsQuery {
  /** Part of a permission string. */
  readonly permission?: string;
  /** 1 to 500. */
  readonly limit?: number;
  readonly offset?: number;
  readonly sortKey?: 'create_at' | 'update_at';
  readonly sortDir?: 'asc' | 'desc';
}

/** One call carries permissions of one kind: upstream's `permission_type` stands beside the list, not in its items. */
export type PermissionKind = 'domainId' | 'orgPath';

const ORG_PATH = 'organizations:orgPath::';

/** `*` opens the service to every account, so it goes with the accounts. */
export function permissionKind(permission: string): PermissionKind {
  return permission.startsWith(ORG_PATH) ? 'orgPath' : 'domainId';
}

export interface NewPermission {
  readonly permission: string;
  /** At most 256 characters; upstream wants one, which may be empty. */
  readonly description: string;
}
