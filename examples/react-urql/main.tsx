/** Creates VPC endpoints and shows their statuses live, also after a lost connection. React with urql. */
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider, useMutation, useSubscription } from 'urql';
import * as api from 'vpcep-gateway/documents';
import { client, socket } from './client.ts';

type Created = NonNullable<api.CreateVpcEndpointMutation['createVpcEndpoint']>;
type Issue = { readonly path: string; readonly message: string };

function Create({ onCreated }: { readonly onCreated: (created: Created) => void }) {
  // A key for each input: a second click, or a repeat after a lost answer, does not create a second endpoint.
  const [idempotencyKey, setKey] = useState<string>(() => crypto.randomUUID());
  const [{ error, fetching }, create] = useMutation(api.CreateVpcEndpointDocument);
  const issues = error?.graphQLErrors.flatMap(({ extensions }) => (extensions.issues ?? []) as Issue[]);

  async function submit(form: FormData): Promise<void> {
    const input = { ...Object.fromEntries(form), idempotencyKey } as api.CreateVpcEndpointInput;
    const { data } = await create({ input });
    if (!data?.createVpcEndpoint) return; // A field that fails is null, and `error` says why.
    onCreated(data.createVpcEndpoint);
    setKey(crypto.randomUUID());
  }

  const field = (name: string, value: string) => (
    <p>
      <label>
        {name} <input name={name} defaultValue={value} size={36} />
      </label>
      <small>{issues?.find(({ path }) => path === `input.${name}`)?.message}</small>
    </p>
  );
  return (
    <form
      onChange={() => setKey(crypto.randomUUID())}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      {field('endpointServiceId', '51a00000-0000-4000-8000-000000000003')}
      {field('vpcId', '11111111-1111-4111-8111-111111111111')}
      {field('subnetId', '22222222-2222-4222-8222-222222222222')}
      <button type="submit" disabled={fetching}>
        Create
      </button>
      {error && <p role="alert">{error.message}</p>}
    </form>
  );
}

type Step = api.EndpointStatusSubscription['endpointStatus'];

/** Appends an event. In StrictMode React subscribes twice, so that events come again: their version is not newer. */
function steps(before: readonly Step[] = [], { endpointStatus: event }: api.EndpointStatusSubscription) {
  return event.version > (before.at(-1)?.version ?? 0) ? [...before, event] : before;
}

function Badge({ endpoint: { id }, statusCursor: after }: Created) {
  const [{ data = [], error }] = useSubscription(
    { query: api.EndpointStatusDocument, variables: { id, after } },
    steps,
  );
  if (error) return <p role="alert">{error.message}</p>;
  return (
    <p>
      <strong role="status">{data.at(-1)?.status ?? '…'}</strong> {data.map(({ status }) => status).join(' → ')}
    </p>
  );
}

const NONE = { events: new Map<string, Step>(), more: false };

/** The list needs no query: the feed of a project begins with all of its endpoints, and after a gap it sends all again. */
function list(before = NONE, { projectEndpointStatus: event }: api.ProjectEndpointStatusSubscription) {
  if (event === null) return NONE; // The set is empty: the project has no endpoints.
  const beginsSet = event.kind !== 'TRANSITION' && !before.more;
  const events = new Map(beginsSet ? [] : before.events);
  if (event.status === 'DELETED') events.delete(event.endpointId);
  else events.set(event.endpointId, event);
  return { events, more: event.more };
}

function List() {
  const [{ data = NONE }] = useSubscription({ query: api.ProjectEndpointStatusDocument }, list);
  const row = ({ endpointId, status }: Step) => <li key={endpointId}>{`${endpointId} ${status}`}</li>;
  return <ul>{[...data.events.values()].map(row)}</ul>;
}

function App() {
  const [live, setLive] = useState(false);
  const [created, setCreated] = useState<Created>();
  useEffect(() => {
    const ends = [socket.on('connected', () => setLive(true)), socket.on('closed', () => setLive(false))];
    return () => ends.forEach((end) => void end());
  }, []);
  return (
    <Provider value={client}>
      <h1>VPC endpoints ({live ? 'live' : 'connecting …'})</h1>
      <Create onCreated={setCreated} />
      {created && <Badge key={created.endpoint.id} {...created} />}
      <List />
    </Provider>
  );
}

createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
