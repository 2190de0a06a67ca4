/** What one service of one node said, as it was fetched after a run. */
export interface NodeLog {
  readonly node: string;
  readonly service: string;
  /** Lines, each after its instant by the node's own clock. */
  readonly text: string;
}
