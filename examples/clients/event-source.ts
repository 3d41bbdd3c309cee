import { EventSource } from 'eventsource'; // Not in browsers: they have one.

const query = `subscription ($id: ID!) {
  endpointStatus(id: $id) { kind status }
}`;
const variables = { id: 'db18af8e-6a18-44e5-9c02-838174a4d93f' };
const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
const source = new EventSource(`http://127.0.0.1:4000/graphql/stream?${search}`);

source.addEventListener('next', ({ data }) => console.log(JSON.parse(data)));
source.addEventListener('complete', () => source.close());
