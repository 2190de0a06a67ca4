//go:build next

package main

import (
	"context"
	"sync"
	"time"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/logstructured/sqllog"
	"github.com/k3s-io/kine/pkg/server"
)

// Built with -tags next -modfile=next.mod: what an upgrade of the lab brings.

const compactSQL = `DELETE FROM kine AS kv WHERE kv.id IN (
	SELECT kp.prev_revision AS id FROM kine AS kp
		WHERE kp.name != 'compact_rev_key' AND kp.prev_revision != 0 AND kp.id > ? AND kp.id <= ?
	UNION SELECT kd.id AS id FROM kine AS kd WHERE kd.deleted != 0 AND kd.id > ? AND kd.id <= ?)`

func newLog(dialect server.Dialect, wg *sync.WaitGroup, cfg *drivers.Config) *sqllog.SQLLog {
	// What the kine of go.mod always has.
	cfg.PollInterval = time.Second
	return sqllog.New(dialect, wg, cfg)
}

func (s *silent) Watch(ctx context.Context, revision int64) server.WatchResult {
	result := s.Backend.Watch(ctx, revision)
	result.Eventc = untilElection(ctx, s, result.Eventc)
	return result
}
