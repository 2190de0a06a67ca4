package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/canonical/go-dqlite/v2/app"
	dqlite "github.com/canonical/go-dqlite/v2/driver"
	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/drivers/generic"
	"github.com/k3s-io/kine/pkg/logstructured"
	"github.com/k3s-io/kine/pkg/query"
	"github.com/k3s-io/kine/pkg/server"
)

const (
	database = "k8s"
	// A cluster without a leader cannot take the schema: try for as long as an election with split votes may last.
	schemaAttempts = 30
	schemaPause    = time.Second

	sqliteBusy             = 5
	sqliteConstraintUnique = 2067
)

// The table and indices of kine's SQLite backend.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS kine (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		name TEXT, created INTEGER, deleted INTEGER, create_revision INTEGER,
		prev_revision INTEGER, lease INTEGER, value BLOB, old_value BLOB)`,
	`CREATE INDEX IF NOT EXISTS kine_name_index ON kine (name)`,
	`CREATE INDEX IF NOT EXISTS kine_name_id_index ON kine (name, id)`,
	`CREATE INDEX IF NOT EXISTS kine_id_deleted_index ON kine (id, deleted)`,
	`CREATE INDEX IF NOT EXISTS kine_prev_revision_index ON kine (prev_revision)`,
	`CREATE UNIQUE INDEX IF NOT EXISTS kine_name_prev_revision_uindex ON kine (name, prev_revision)`,
}

const sizeSQL = `SELECT (page_count - freelist_count) * page_size
	FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`

// connector opens connections of the member's own driver, which knows where the leader is.
type connector struct{ driver driver.Driver }

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(database) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// newBackend makes kine's constructor of a backend that keeps its log in the member's cluster.
func newBackend(member *app.App) drivers.Constructor {
	return func(ctx context.Context, wg *sync.WaitGroup, cfg *drivers.Config) (bool, server.Backend, error) {
		handle, err := sql.Open(member.Driver(), database)
		if err != nil {
			return false, nil, err
		}
		dialect, err := generic.OpenDB(ctx, wg, "dqlite", connector{handle.Driver()}, cfg.ConnectionPoolConfig, "?", false, cfg.MetricsRegisterer)
		if err != nil {
			return false, nil, err
		}
		dialect.LastInsertID = true
		dialect.GetSizeSQL = query.New(sizeSQL, "?", false, "GetSize")
		dialect.CompactSQL = query.New(compactSQL, "?", false, "Compact")
		dialect.TranslateErr = translate
		dialect.ErrCode = errorCode
		dialect.Retry = retry
		if err := createSchema(ctx, dialect.DB.ExecContext); err != nil {
			return false, nil, err
		}
		return false, withPlantedDefects(ctx, logstructured.New(newLog(dialect, wg, cfg)), member), nil
	}
}

func createSchema(ctx context.Context, exec func(context.Context, string, ...any) (sql.Result, error)) error {
	var err error
	for range schemaAttempts {
		if err = execAll(ctx, exec); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(schemaPause):
		}
	}
	return fmt.Errorf("create the schema, %d attempts: %w", schemaAttempts, err)
}

func execAll(ctx context.Context, exec func(context.Context, string, ...any) (sql.Result, error)) error {
	for _, statement := range schema {
		if _, err := exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

func translate(err error) error {
	var e dqlite.Error
	if errors.As(err, &e) && e.Code == sqliteConstraintUnique {
		return server.ErrKeyExists
	}
	return err
}

func errorCode(err error) string {
	var e dqlite.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return fmt.Sprint(e.Code)
	default:
		return err.Error()
	}
}

func retry(err error) bool {
	var e dqlite.Error
	return errors.As(err, &e) && (e.Code == sqliteBusy || strings.Contains(e.Message, "locked"))
}
