// Command k8s-dqlite serves the etcd API that kube-apiserver speaks from a Dqlite cluster.
//
// It takes the place of Canonical's program of that name, which is on no module proxy: the same Dqlite library and
// the same role loop, with kine between them and the API server. Its directory has the names MicroK8s gives it.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/canonical/go-dqlite/v2/app"
	"github.com/canonical/go-dqlite/v2/client"
	"github.com/k3s-io/kine/pkg/drivers"
	"github.com/k3s-io/kine/pkg/drivers/generic"
	"github.com/k3s-io/kine/pkg/endpoint"
	"gopkg.in/yaml.v3"
)

const (
	// How long a member may take to join or to find its cluster before systemd tries again.
	readyTimeout = 60 * time.Second
	// Canonical's program answers no requests for the progress of a watch, so its API servers read lists from the
	// datastore and not from their caches. From 3.5.13 on they would ask, and each list would wait for kine's next poll.
	etcdVersion = "3.5.12"
	// Handover moves leadership away before a clean stop; systemd's TimeoutStopSec is as long.
	handoverTimeout = 30 * time.Second
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(version())
		return
	}
	dir := flag.String("storage-dir", "", "directory of the Dqlite files")
	listen := flag.String("listen", "", "socket to serve the etcd API on, as unix://PATH")
	flag.Parse()
	log.SetFlags(0) // the journal stamps each line
	if err := serve(*dir, *listen); err != nil {
		log.Fatal(err)
	}
}

// version names what it is made of, as one version: nothing of this program itself decides how it behaves under faults,
// unless a defect is planted (silent.go).
func version() string {
	versions := map[string]string{}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			versions[module.Path] = module.Version
		}
	}
	kine := strings.TrimPrefix(versions["github.com/k3s-io/kine"], "v")
	return fmt.Sprintf("k8s-dqlite (Holdfast lab) %s+kine-%s", versions["github.com/canonical/go-dqlite/v2"], kine)
}

func serve(dir, listen string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	options, err := options(dir)
	if err != nil {
		return err
	}
	member, err := app.New(dir, options...)
	if err != nil {
		return fmt.Errorf("start the Dqlite member in %s: %w", dir, err)
	}
	if err := ready(ctx, member); err != nil {
		return err
	}
	// It has been applied; from now on the member knows its cluster by its own files.
	if err := os.Remove(filepath.Join(dir, "init.yaml")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	// The API must outlive the signal: writes under way still end while leadership is handed over.
	serving, close := context.WithCancel(context.Background())
	defer close()
	drivers.Register("dqlite", newBackend(member))
	if _, err := endpoint.Listen(serving, endpoint.Config{
		WaitGroup:            &sync.WaitGroup{},
		Listener:             listen,
		Endpoint:             "dqlite://k8s",
		NotifyInterval:       5 * time.Second,
		EmulatedETCDVersion:  etcdVersion,
		ConnectionPoolConfig: generic.ConnectionPoolConfig{MaxIdle: 5, MaxOpen: 5, MaxLifetime: time.Minute},
		CompactInterval:      5 * time.Minute,
		CompactTimeout:       5 * time.Second,
		CompactMinRetain:     1000,
		CompactBatchSize:     1000,
		PollBatchSize:        500,
	}); err != nil {
		return fmt.Errorf("serve the etcd API on %s: %w", listen, err)
	}

	<-ctx.Done()
	handover(member)
	close()
	return member.Close()
}

func ready(ctx context.Context, member *app.App) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if err := member.Ready(ctx); err != nil {
		return fmt.Errorf("member %s is not ready after at most %s: %w", member.Address(), readyTimeout, err)
	}
	return nil
}

func handover(member *app.App) {
	ctx, cancel := context.WithTimeout(context.Background(), handoverTimeout)
	defer cancel()
	if err := member.Handover(ctx); err != nil {
		log.Printf("handover: %v", err)
	}
}

// options reads the member's own files: its certificate, where it is, whom it joins, and how it is tuned.
func options(dir string) ([]app.Option, error) {
	certificate, pool, err := identity(dir)
	if err != nil {
		return nil, err
	}
	options := []app.Option{
		app.WithTLS(app.SimpleTLSConfig(certificate, pool)),
		app.WithLogFunc(func(level client.LogLevel, format string, args ...interface{}) {
			log.Printf(level.String()+" "+format, args...)
		}),
		app.WithFailureDomain(failureDomain(dir)),
	}

	var first struct {
		Address string   `yaml:"Address"`
		Cluster []string `yaml:"Cluster"`
	}
	switch err := readYAML(dir, "init.yaml", &first); {
	case err == nil:
		options = append(options, app.WithAddress(first.Address), app.WithCluster(first.Cluster))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}

	var tuning struct {
		NetworkLatency string `yaml:"network-latency"`
	}
	switch err := readYAML(dir, "tuning.yaml", &tuning); {
	case err == nil && tuning.NetworkLatency != "":
		latency, err := time.ParseDuration(tuning.NetworkLatency)
		if err != nil {
			return nil, fmt.Errorf("tuning.yaml: network-latency: %w", err)
		}
		options = append(options, app.WithNetworkLatency(latency))
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return options, nil
}

// identity is the one certificate that all members share, as both their own and their authority.
func identity(dir string) (tls.Certificate, *x509.CertPool, error) {
	crt, key := filepath.Join(dir, "cluster.crt"), filepath.Join(dir, "cluster.key")
	certificate, err := tls.LoadX509KeyPair(crt, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pem, err := os.ReadFile(crt)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return tls.Certificate{}, nil, fmt.Errorf("%s: no certificate in it", crt)
	}
	return certificate, pool, nil
}

func failureDomain(dir string) uint64 {
	text, err := os.ReadFile(filepath.Join(dir, "failure-domain"))
	if err != nil {
		return 0
	}
	domain, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		log.Printf("failure-domain: %v; taken as 0", err)
		return 0
	}
	return domain
}

func readYAML(dir, name string, into any) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
