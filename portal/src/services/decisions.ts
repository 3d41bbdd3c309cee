import { useState } from 'react';
import { AcceptServiceConnectionDocument, RejectServiceConnectionDocument } from 'vpcep-gateway/documents';
import { DECISIONS_MAX } from '../../../src/graphql/connection/connection.validation.ts';
import { type Fault, faultOf, partFaultOf } from '../gateway/faults.ts';
import { useWrite } from '../gateway/hooks.ts';
import { usePreferences } from '../preferences.ts';

export interface Decisions {
  readonly decide: (decision: 'accept' | 'reject', endpointIds: readonly string[]) => Promise<void>;
  /** Endpoints of which a decision is on its way. */
  readonly busy: ReadonlySet<string>;
  /** Why the last decision about an endpoint was not carried out. */
  readonly faults: ReadonlyMap<string, Fault>;
}

/** Accept and reject. Each endpoint has an outcome of its own. */
export function useDecisions(endpointServiceId: string, projectId: string): Decisions {
  const { language } = usePreferences();
  const accept = useWrite(AcceptServiceConnectionDocument);
  const reject = useWrite(RejectServiceConnectionDocument);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [faults, setFaults] = useState<ReadonlyMap<string, Fault>>(new Map());

  const send = async (decision: 'accept' | 'reject', endpointIds: string[]) => {
    const variables = { projectId, input: { endpointServiceId, endpointIds } };
    if (decision === 'accept') {
      const { data, error } = await accept.run(variables);
      return { results: data?.acceptServiceConnection?.results, error };
    }
    const { data, error } = await reject.run(variables);
    return { results: data?.rejectServiceConnection?.results, error };
  };

  const decide = async (decision: 'accept' | 'reject', endpointIds: readonly string[]) => {
    setBusy((before) => new Set([...before, ...endpointIds]));
    for (let at = 0; at < endpointIds.length; at += DECISIONS_MAX) {
      const ids = endpointIds.slice(at, at + DECISIONS_MAX);
      const { results, error } = await send(decision, ids);
      setFaults((before) => {
        const after = new Map(before);
        for (const id of ids) {
          const failure = results?.find(({ endpointId }) => endpointId === id)?.error;
          if (error !== undefined) after.set(id, faultOf(error, language));
          else if (failure) after.set(id, partFaultOf(failure, language));
          else after.delete(id);
        }
        return after;
      });
      setBusy((before) => new Set([...before].filter((id) => !ids.includes(id))));
    }
  };

  return { decide, busy, faults };
}
