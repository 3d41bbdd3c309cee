/** `POST /publish`: how the servers that are not ours learn of an event. */
import { createServer, type Server } from 'node:http';

export interface Publication {
  readonly ids: readonly string[];
  /** The event of the first one, as the gateway sent it. */
  readonly text: string;
}

/** What the gateway sent as `data`, for each endpoint. */
export function eventsOf({ ids, text }: Publication): readonly { readonly endpointId: string }[] {
  const { payload } = JSON.parse(text) as { payload: { data: { endpointStatus: { endpointId: string } } } };
  return ids.map((endpointId) => ({ ...payload.data.endpointStatus, endpointId }));
}

export function publishServer(publish: (publication: Publication) => void): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      publish(JSON.parse(Buffer.concat(chunks).toString()) as Publication);
      response.end('{}');
    });
  });
}
