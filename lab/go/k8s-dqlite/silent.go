package main

import (
	"context"
	"log"
	"os"
	"sync/atomic"
	"time"

	"github.com/canonical/go-dqlite/v2/app"
	"github.com/k3s-io/kine/pkg/server"
)

// silentWatchSwitch is the environment variable that plants a defect: with it, watches that were open when another
// member was elected leader stay open and tell nothing more, while reads and writes go on. API servers and what runs
// on them then work on a past that they take for the present. It is there to show that Holdfast finds it.
const silentWatchSwitch = "LAB_SILENT_WATCH"

const followPause = 250 * time.Millisecond

// silent is a backend whose watches do not outlive an election, and do not say so.
type silent struct {
	server.Backend
	elections atomic.Int64
}

// withPlantedDefects gives the backend back as it is, unless the environment asks for a defect.
func withPlantedDefects(ctx context.Context, backend server.Backend, member *app.App) server.Backend {
	if os.Getenv(silentWatchSwitch) == "" {
		return backend
	}
	log.Printf("%s is set: watches go silent at the next election", silentWatchSwitch)
	planted := &silent{Backend: backend}
	go planted.follow(ctx, member)
	return planted
}

// untilElection passes on what a watch hears, until another member is elected.
func untilElection[batch any](ctx context.Context, s *silent, heard <-chan batch) <-chan batch {
	opened := s.elections.Load()
	events := make(chan batch)
	go func() {
		defer close(events)
		for one := range heard {
			if s.elections.Load() != opened {
				continue
			}
			select {
			case events <- one:
			case <-ctx.Done():
			}
		}
	}()
	return events
}

// follow counts how often another member than before is named leader.
func (s *silent) follow(ctx context.Context, member *app.App) {
	leader := ""
	for ctx.Err() == nil {
		if now := leaderOf(ctx, member); now != "" && now != leader {
			if leader != "" {
				log.Printf("%s leads now: watches that are open are silent from here on", now)
				s.elections.Add(1)
			}
			leader = now
		}
		time.Sleep(followPause)
	}
}

// leaderOf is the address of the leader that can be found, empty for none. The others are asked, too: a member that does
// not vote knows of no leader.
func leaderOf(ctx context.Context, member *app.App) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	client, err := member.FindLeader(ctx)
	if err != nil {
		return ""
	}
	defer client.Close()
	leader, err := client.Leader(ctx)
	if err != nil || leader == nil {
		return ""
	}
	return leader.Address
}
