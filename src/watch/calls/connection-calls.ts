import type { ConnectionClient } from '../../vpcep/connection/client.ts';
import type {
  ConnectedEndpoint,
  ConnectionDecision,
  ConnectionPage,
  ConnectionText,
  ListConnectionsQuery,
} from '../../vpcep/connection/model.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import { observed } from '../reads.ts';
import { CONNECTIONS, connectionsOf, observeConnection, observeWritten } from '../resources/watched-connections.ts';
import type { RecordedConnections } from '../watch.ts';
import { cursorBefore, type ObservationRecorder } from './observation-recorder.ts';

/** Calls about the connections of a service, observed. Every method throws UpstreamError. */
export class ObservedConnections {
  readonly #upstream: ConnectionClient;
  readonly #recorder: ObservationRecorder;

  constructor(upstream: ConnectionClient, recorder: ObservationRecorder) {
    this.#upstream = upstream;
    this.#recorder = recorder;
  }

  list(
    projectId: string,
    serviceId: string,
    query: ListConnectionsQuery,
    options: CallOptions,
  ): Promise<ConnectionPage> {
    return this.#recorder.read(connectionsOf(projectId, serviceId), JSON.stringify(query), options, {
      source: CONNECTIONS.rows,
      send: (own) => this.#upstream.listConnections(projectId, serviceId, query, own),
      observe: ({ connections }) => connections.map(observeConnection),
    });
  }

  decide(
    projectId: string,
    serviceId: string,
    endpointId: string,
    decision: ConnectionDecision,
    options: CallOptions,
  ): Promise<RecordedConnections> {
    return this.#write(projectId, serviceId, () =>
      this.#upstream.decideConnection(projectId, serviceId, endpointId, decision, options),
    );
  }

  describe(
    projectId: string,
    serviceId: string,
    text: ConnectionText,
    options: CallOptions,
  ): Promise<RecordedConnections> {
    return this.#write(projectId, serviceId, () =>
      this.#upstream.describeConnections(projectId, serviceId, [text], options),
    );
  }

  async #write(
    projectId: string,
    serviceId: string,
    send: () => Promise<readonly ConnectedEndpoint[]>,
  ): Promise<RecordedConnections> {
    const set = connectionsOf(projectId, serviceId);
    const { asOf, position } = await this.#recorder.before(set);
    const connections = await send().catch((error: unknown) => this.#recorder.wakeIfUnknown(set, error));
    const before = await this.#recorder.commit(set, observed(asOf, 'read', observeWritten(connections)));
    this.#recorder.wake(set);
    return { connections, statusCursor: cursorBefore(position ?? before?.before ?? null) };
  }
}
