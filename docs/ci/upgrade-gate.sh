#!/bin/sh
# An upgrade with a gate around it, on any machine that reaches the cluster:
#   upgrade-gate.sh /etc/holdfast/staging.yaml ./upgrade.sh staging
# It ends as the gate does: 0 go; 1 failed or regressed, 2 too few trials, 3 invalid, 4 left behind, 5 not comparable.
set -eu
cluster=$1
shift
reports=${REPORTS:-/var/lib/holdfast-reports}

# Prints the folder of 20 trials. A claim that fails (1, 2) is for the gate to judge; anything else ends it here.
measure() {
  code=0
  npx holdfast run leader-loss --trials 20 --cluster "$cluster" --reports "$reports" >&2 || code=$?
  case $code in 0 | 1 | 2) ;; *) exit "$code" ;; esac
  readlink -f "$reports/latest"
}

before=$(measure)
"$@"
after=$(measure)
npx holdfast gate --before "$before" --after "$after"
