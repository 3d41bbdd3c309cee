import type { JsonObject } from '../world/json.ts';

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

/** The gateway adds the request id to its own errors, the service does not (NOTES.md, "Errors"). */
export function errorBody(code: string, message: string, requestId: string): JsonObject {
  const fromGateway = code.toUpperCase().startsWith('APIG');
  return { error_code: code, error_msg: message, request_id: fromGateway ? requestId : undefined };
}

export function refuse(code: string, message: string): never {
  throw new ApiError(400, code, message);
}
