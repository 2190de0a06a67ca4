/** Everything Holdfast makes in a cluster is in this namespace, and goes with it. */
export const ownNamespace = 'holdfast';

/** Label of the pods in it that are no part of the workload. */
export const partLabel = 'holdfast.dev/part';
