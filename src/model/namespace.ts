/** Everything Holdfast makes in a cluster is in this namespace, and goes with it. */
export const ownNamespace = 'holdfast';
