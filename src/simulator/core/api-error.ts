import { type JsonObject, writeJson } from '../world/json.ts';

/** A refusal as the API words it. Codes: vpcep.openapi.yaml, `x-error-codes`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function refuse(code: string, message: string): never {
  throw new ApiError(400, code, message);
}

export function notFound(resource: string): ApiError {
  return new ApiError(404, 'EndPoint.0005', `The ${resource} does not exist.`);
}

export function unpublished(): ApiError {
  return new ApiError(404, 'APIGW.0101', 'The API does not exist or has not been published in the environment.');
}

/** The published text of APIGW.0301 with the reason behind it. */
export function unauthenticated(reason: string): ApiError {
  return new ApiError(401, 'APIGW.0301', `Incorrect IAM authentication information: ${reason}`);
}

/** A response ready for the wire. */
export interface Reply {
  readonly status: number;
  readonly contentType?: string;
  readonly text: string;
  readonly retryAfter?: string;
}

export function jsonReply(status: number, text: string): Reply {
  return { status, contentType: 'application/json', text };
}

/** The gateway adds the request id to its own errors, the service does not (NOTES.md, "Errors"). */
export function errorReply(error: unknown, requestId: string): Reply {
  const known = error instanceof ApiError ? error : new ApiError(500, 'EndPoint.0001', 'Internal error.');
  const fromGateway = known.code.toUpperCase().startsWith('APIG');
  const body: JsonObject = {
    error_code: known.code,
    error_msg: known.message,
    request_id: fromGateway ? requestId : undefined,
  };
  return jsonReply(known.status, writeJson(body));
}
