/**
 * How a service on a node is found, ended, kept down and started: shell texts for root. The faults are put together
 * from them, and never ask what runs the service.
 */
export interface Control {
  /** What runs it, for people and for `holds`: the name of its unit or the path of its manifest. */
  readonly name: string;
  /**
   * Puts the pid of the service's own process into `$pid`; a wrapper that still waits is not the service. Ends the
   * script with 1, and says why on standard error, if it does not run.
   */
  readonly find: string;
  /** After `find`, puts all processes of the service into `$pids`; ends the script with 2 if that is unclear. */
  readonly processes: string;
  /** After `find`, puts into `$starts` how often it was started by itself. */
  readonly starts: string;
  /** Ends the script with 1 if something else would end with the service that no undo would start. */
  readonly endsAlone: string;
  /** Is false until a process, `$pid` and `$start` of the note, has ended and the service was started anew, is to be, or is given up. */
  readonly crashed: string;
  /** Keeps it down. */
  readonly keptDown: (id: string) => KeptDown;
  /** Ends it in the way that it is ended for good, with time to hand over. */
  readonly stop: (id: string) => Stopping;
  /** Starts it, or orders that; sets `status=1` if that does not succeed. */
  readonly start: string;
  /** Is false unless its own process runs; ends with 2 if that is unclear. */
  readonly runs: string;
  /** Orders that it starts anew. */
  readonly restart: string;
  /** How it is held still while its data is changed. */
  readonly data: DataControl;
}

/** Each may be done twice, and ends the script with 1 if it does not succeed. */
export interface DataControl {
  /** Ends it, in an order of its own, and leaves it so until `resume`. Whatever keeps it down already is taken over. */
  readonly halt: string;
  /** Ends all its processes at once, by SIGKILL, and leaves it so as `halt` does. */
  readonly wreck: string;
  /** Starts it after either, or orders that. */
  readonly resume: string;
  /** Does something while the service writes nothing, and lets it go on; the status is that of what was done. */
  readonly still: (sh: string) => string;
  /** Leaves a service that is for nothing any more in peace. */
  readonly retire: string;
}

/** Keeps a service from being started again; what it makes bears the fault's id. */
export interface KeptDown {
  /** Before its process is killed. */
  readonly before?: string;
  /** At once after that, in the same script. */
  readonly after?: string;
  /** What shows that it is down, for people. */
  readonly says: string;
  /** Is false unless its process was killed and it is down for good. */
  readonly isDown: string;
  /** Takes it back; sets `status=1` if that does not succeed. */
  readonly allow: string;
  /** Is false unless it was taken back; ends with 2 if that is unclear. */
  readonly isGone: string;
  /** A reboot does not take it back. */
  readonly outlivesBoot?: true;
}

/** A stop, as somebody does it who takes a service out. */
export interface Stopping {
  /** Orders it, and ends once it has begun. */
  readonly order: string;
  /** Is false until the process that was noted, `$pid` and `$start`, has ended by itself. */
  readonly ended: string;
  /** For so long it may take before the service is killed, and the stop was none; milliseconds. */
  readonly withinMs: number;
  /** What it leaves, and how that is taken back: as of `KeptDown`. */
  readonly allow?: string;
  readonly isGone?: string;
  readonly outlivesBoot?: true;
}
