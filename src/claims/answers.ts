import type {
  ActsSeen,
  AddressSeen,
  AlertsSeen,
  EachEndpointSeen,
  EndpointsSeen,
  HistorySeen,
  HttpSeen,
  LeaderSeen,
  LeasesSeen,
  NodesSeen,
  PodsSeen,
  ReadSeen,
  ReconciledSeen,
  ReplicasSeen,
  RolesSeen,
  Sample,
  ScheduledSeen,
  WatchSeen,
  WriteSeen,
} from '../model/timeline.ts';

/** What each probe must have seen to say yes. A claim must not rest on a yes alone. */
const answers: Readonly<Record<string, (value: object) => boolean>> = {
  leader: (value) => isText((value as Partial<LeaderSeen>).leader),
  roles: (value) => Array.isArray((value as Partial<RolesSeen>).members),
  write: (value) => (value as Partial<WriteSeen>).status === 200,
  read: (value) => {
    const { of, kept } = value as Partial<ReadSeen>;
    return isText(of) && Array.isArray(kept);
  },
  watch: (value) => {
    const { of, n } = value as Partial<WatchSeen>;
    return isText(of) && typeof n === 'number';
  },
  nodes: (value) => isMap((value as Partial<NodesSeen>).ready),
  pods: (value) => Array.isArray((value as Partial<PodsSeen>).pods),
  replicas: (value) => {
    const { ready, least } = value as Partial<ReplicasSeen>;
    return typeof ready === 'number' && typeof least === 'number';
  },
  history: (value) => {
    const { kind, outcome } = value as Partial<HistorySeen>;
    return isText(kind) && (outcome === 'done' || outcome === 'indeterminate');
  },
  leases: (value) => isMap((value as Partial<LeasesSeen>).leases),
  endpoints: (value) => isMap((value as Partial<EndpointsSeen>).ready),
  scheduled: (value) => isText((value as Partial<ScheduledSeen>).node),
  reconciled: (value) => typeof (value as Partial<ReconciledSeen>).generation === 'number',
  acts: (value) => Array.isArray((value as Partial<ActsSeen>).acts),
  endpoint: (value) => (value as Partial<HttpSeen>).status === 200,
  address: (value) => typeof (value as Partial<AddressSeen>).holds === 'boolean',
  alerts: (value) => Array.isArray((value as Partial<AlertsSeen>).alerts),
  'web-new': hasStatus,
  'web-reused': hasStatus,
  load: hasStatus,
  'inside-new': hasStatus,
  'inside-reused': hasStatus,
  'inside-named': hasStatus,
  'each-endpoint': (value) => Array.isArray((value as Partial<EachEndpointSeen>).endpoints),
  names: hasStatus,
};

/** The code of a sample that said yes and had seen nothing. */
export const unseen = 'EUNSEEN';

/**
 * The sample as it may be believed: one that says yes and has not seen what its probe must see for that says no. Of
 * writes, only a status of 200 is an acknowledgement.
 */
export function believed(sample: Sample, probe: string | undefined): Sample {
  const isAnswer = answers[probe ?? ''];
  const { ok, value } = sample;
  if (ok !== true || isAnswer === undefined) return sample;
  if (typeof value === 'object' && value !== null && isAnswer(value)) return sample;
  const { status } = (value ?? {}) as Partial<WriteSeen>;
  return { ...sample, ok: false, error: status === undefined ? unseen : `HTTP ${status}` };
}

function hasStatus(value: object): boolean {
  return typeof (value as Partial<HttpSeen>).status === 'number';
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
