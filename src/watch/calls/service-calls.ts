import type { ServiceClient } from '../../vpcep/service/client.ts';
import type { CreateServiceInput, EndpointService, ListServicesQuery, ServicePage } from '../../vpcep/service/model.ts';
import { carriedThrough } from '../../vpcep/transport/caller.ts';
import type { CallOptions } from '../../vpcep/transport/transport.ts';
import { observeService, serviceOf, servicesIn } from '../resources/watched-services.ts';
import type { RecordedService } from '../watch.ts';
import type { ObservationRecorder, Recorded } from './observation-recorder.ts';

/** Calls about own endpoint services, observed. Every method throws UpstreamError. */
export class ObservedServices {
  readonly #upstream: ServiceClient;
  readonly #recorder: ObservationRecorder;

  constructor(upstream: ServiceClient, recorder: ObservationRecorder) {
    this.#upstream = upstream;
    this.#recorder = recorder;
  }

  async create(projectId: string, input: CreateServiceInput, options: CallOptions): Promise<RecordedService> {
    const send = () => this.#upstream.createService(projectId, input, options);
    return recorded(await this.#recorder.create(servicesIn(projectId), send, observeService));
  }

  /** Reads what a creation without an answer has made, and records it as `create` would have. */
  async adopt(projectId: string, id: string, options: CallOptions): Promise<RecordedService> {
    const read = () => this.#upstream.getService(projectId, id, carriedThrough(options));
    return recorded(await this.#recorder.adopt(servicesIn(projectId), read, observeService));
  }

  read(projectId: string, id: string, options: CallOptions): Promise<EndpointService> {
    return this.#recorder.read(servicesIn(projectId), id, options, {
      source: 'read',
      send: (own) => this.#upstream.getService(projectId, id, own),
      observe: (service) => [observeService(service)],
    });
  }

  list(projectId: string, query: ListServicesQuery, options: CallOptions): Promise<ServicePage<EndpointService>> {
    return this.#recorder.read(servicesIn(projectId), JSON.stringify(query), options, {
      source: 'list',
      send: (own) => this.#upstream.listServices(projectId, query, own),
      observe: ({ services }) => services.map(observeService),
    });
  }

  /** @param before null: it could not be read */
  async delete(
    projectId: string,
    id: string,
    before: EndpointService | null,
    options: CallOptions,
  ): Promise<RecordedService> {
    const set = servicesIn(projectId);
    const { answer, statusCursor } = await this.#recorder.remove(
      set,
      id,
      () => this.#upstream.deleteService(projectId, id, options),
      async () => (before === null ? await this.#recorder.stored(set, id) : observeService(before))?.fields ?? {},
    );
    return { service: serviceOf(answer, projectId), statusCursor };
  }
}

function recorded({ answer, statusCursor }: Recorded<EndpointService>): RecordedService {
  return { service: answer, statusCursor };
}
