import type { IncomingMessage } from 'node:http';
import type { Exchange } from '../core/http-exchange.ts';
import { refuse } from '../core/http-exchange.ts';

const BODY_LIMIT = 1024 * 1024;
/** .NET and PowerShell put it before JSON. */
const BYTE_ORDER_MARK = '\uFEFF';

/** The body cannot be read as GraphQL over HTTP. */
class BodyError extends Error {
  override readonly name = 'BodyError' as const;
  readonly status: 400 | 413 | 415;

  constructor(status: BodyError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

function checkType(header: string | undefined): void {
  if (header === 'application/json') return;
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') {
    throw new BodyError(415, 'Send the operation as application/json');
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^("?)utf-?8\1$/.test(charset)) {
    throw new BodyError(415, 'Send the operation in utf-8');
  }
}

/** A compressed body can unpack to gigabytes, and bodies of at most 1 MiB gain nothing by compression. */
function checkEncoding(header: string | undefined): void {
  if (header !== undefined && header.trim().toLowerCase() !== 'identity') {
    throw new BodyError(415, 'Send the body as it is, without Content-Encoding');
  }
}

function tooLarge(): BodyError {
  return new BodyError(413, `The body may have at most ${BODY_LIMIT} bytes`);
}

/**
 * The parsed JSON body of a POST.
 * @throws BodyError 415 for another content type or a packed body, 413 beyond 1 MiB, 400 for text that is not JSON or ends early.
 */
async function readJson(request: IncomingMessage): Promise<unknown> {
  checkType(request.headers['content-type']);
  checkEncoding(request.headers['content-encoding']);
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT) {
    throw tooLarge();
  }
  const text = await textOf(request);
  try {
    return JSON.parse(text);
  } catch {
    throw new BodyError(400, 'The body is not JSON');
  }
}

/** @throws BodyError */
function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT) {
        request.pause();
        reject(tooLarge());
        return;
      }
      chunks.push(chunk);
    });
    // Creating an error costs its stack trace, so a complete body must not create one.
    let ended = false;
    request.on('end', () => {
      ended = true;
      const [only] = chunks;
      const whole = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size);
      const decoded = whole.toString('utf8');
      resolve(decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded);
    });
    // It comes after an error as well, and an error without a listener ends nothing else.
    request.on('close', () => {
      if (!ended) reject(new BodyError(400, 'The body ended early'));
    });
  });
}

/** @returns null when the body was refused, and answered. */
export async function readOrRefuse({ request, response }: Exchange): Promise<{ readonly json: unknown } | null> {
  try {
    return { json: await readJson(request) };
  } catch (error) {
    if (!(error instanceof BodyError)) {
      throw error;
    }
    if (error.status === 413) {
      // The rest of the body is not read, so the connection cannot be used again.
      response.setHeader('connection', 'close');
      response.once('finish', () => request.destroy());
    }
    refuse(response, { status: error.status, code: 'BAD_REQUEST', message: error.message });
    return null;
  }
}
