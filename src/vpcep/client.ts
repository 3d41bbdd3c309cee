/** The whole upstream API, a client for each noun. */
import { UpstreamCaller } from './caller.ts';
import { EndpointClient } from './endpoint-client.ts';
import type { Transport } from './transport.ts';

export interface VpcepClientOptions {
  readonly transport: Transport;
}

export class VpcepClient {
  readonly endpoints: EndpointClient;

  constructor({ transport }: VpcepClientOptions) {
    const caller = new UpstreamCaller(transport);
    this.endpoints = new EndpointClient(caller);
  }
}
