//go:build !next

package main

import (
	"context"
	"sync"

	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/logstructured/sqllog"
	"github.com/k3s-io/kine/pkg/server"
)

// What differs between the kine of go.mod and that of next.mod is here and in kine_next.go.

const compactSQL = `DELETE FROM kine AS kv WHERE kv.id IN (
	SELECT kp.prev_revision AS id FROM kine AS kp
		WHERE kp.name != 'compact_rev_key' AND kp.prev_revision != 0 AND kp.id <= ?
	UNION SELECT kd.id AS id FROM kine AS kd WHERE kd.deleted != 0 AND kd.id <= ?)`

func newLog(dialect server.Dialect, _ *sync.WaitGroup, cfg *drivers.Config) *sqllog.SQLLog {
	return sqllog.New(dialect, cfg.CompactInterval, cfg.CompactIntervalJitter, cfg.CompactTimeout, cfg.CompactMinRetain, cfg.CompactBatchSize, cfg.PollBatchSize)
}

func (s *silent) Watch(ctx context.Context, key, end string, revision int64) server.WatchResult {
	result := s.Backend.Watch(ctx, key, end, revision)
	result.Events = untilElection(ctx, s, result.Events)
	return result
}
