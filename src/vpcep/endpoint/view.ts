/** Endpoints as views over the rows of an answer: a field is read when it is asked for, and no row is copied. */
import { type JsonObject, type Tag, visibleTags } from '../core/model.ts';
import type { PolicyNotice } from '../core/policy.ts';
import { statusWord, tags } from '../core/values.ts';
import { type AnswerKind, ENDPOINT_FIELDS, type EndpointField } from './fields.ts';
import {
  type EndpointAnswer,
  statusOf,
  type VpcEndpoint,
  type VpcEndpointFields,
  type VpcEndpointStatus,
} from './model.ts';

const FIELDS: readonly (readonly [name: string, field: EndpointField])[] = Object.entries(ENDPOINT_FIELDS);

/** What the rows of one answer have in common. */
export interface RowSource {
  readonly kind: AnswerKind;
  /** The project that was asked is the project, whatever the row says: field resolvers go on from it. */
  readonly projectId: string;
  readonly notice: PolicyNotice;
}

/** A whole endpoint, and the answer about it. The getters of its fields are made from the table. */
class EndpointRow implements EndpointAnswer {
  readonly id: string;
  readonly #row: JsonObject;
  readonly #source: RowSource;

  constructor(id: string, row: JsonObject, source: RowSource) {
    this.id = id;
    this.#row = row;
    this.#source = source;
  }

  static {
    for (const [name, { read }] of FIELDS) {
      if (Object.hasOwn(EndpointRow.prototype, name)) continue;
      const get = function (this: EndpointRow): unknown {
        return read(this.#row, this.#source.notice);
      };
      Object.defineProperty(EndpointRow.prototype, name, { get });
    }
  }

  get rawStatus(): string {
    return statusWord(this.#row.status);
  }

  get status(): VpcEndpointStatus {
    return statusOf(this.rawStatus);
  }

  get projectId(): string {
    return this.#source.projectId;
  }

  /** Without our own mark. */
  get tags(): readonly Tag[] {
    return visibleTags(tags(this.#row.tags));
  }

  get fields(): Partial<VpcEndpointFields> {
    const { kind, notice } = this.#source;
    const fields: { [name: string]: unknown } = { ...DEFAULTS[kind] };
    for (const [name, { upstream, read }] of FIELDS) {
      if (this.#row[upstream] !== undefined) fields[name] = read(this.#row, notice);
    }
    return fields;
  }

  toJSON(): VpcEndpoint {
    return whole(this, this.projectId);
  }
}

/** What silence means in each kind of answer. Copied for each endpoint, so that all of a kind have one shape. */
const DEFAULTS: Readonly<Record<AnswerKind, JsonObject>> = {
  create: defaultsOf('create'),
  list: defaultsOf('list'),
  detail: defaultsOf('detail'),
  edit: {},
};

function defaultsOf(kind?: AnswerKind): JsonObject {
  const carried = FIELDS.filter(([, { notIn = [] }]) => kind === undefined || !notIn.includes(kind));
  return Object.fromEntries(carried.map(([name, { read }]) => [name, read({}, () => undefined)]));
}

const EMPTY = defaultsOf() as VpcEndpointFields;

export function endpointRow(id: string, row: JsonObject, source: RowSource): EndpointAnswer {
  return new EndpointRow(id, row, source);
}

/** An endpoint with every field present: what no answer has said yet is null or empty. Without our own mark. */
export function completeEndpoint(answer: EndpointAnswer, projectId: string): VpcEndpoint {
  return answer instanceof EndpointRow ? (answer as EndpointRow & VpcEndpointFields) : whole(answer, projectId);
}

/** The same endpoint as an object of its own, for what copies its members. */
export function plainEndpoint(endpoint: VpcEndpoint): VpcEndpoint {
  return endpoint instanceof EndpointRow ? endpoint.toJSON() : endpoint;
}

function whole({ id, rawStatus, fields }: EndpointAnswer, projectId: string): VpcEndpoint {
  const shown = visibleTags(fields.tags ?? []);
  return { ...EMPTY, ...fields, projectId, tags: shown, id, status: statusOf(rawStatus), rawStatus };
}
