// Command kubelite runs a node's Kubernetes programs as one service: it ends when the first of them ends, so that
// a lost lease of the scheduler takes the API server with it, as on a MicroK8s node, where all are one process.
//
// A program runs if its --<name>-args-file is given. The API server starts first; the others start once it is ready.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	apiServer = "kube-apiserver"
	// A MicroK8s node waits this long for its API server before it gives up.
	readyTimeout = 360 * time.Second
	readyPoll    = 200 * time.Millisecond
	stopTimeout  = 10 * time.Second
)

// In the order in which they start; the flags are those of MicroK8s' kubelite.
var programs = []struct{ name, flag string }{
	{apiServer, "apiserver-args-file"},
	{"kube-controller-manager", "controller-manager-args-file"},
	{"kube-scheduler", "scheduler-args-file"},
	{"kubelet", "kubelet-args-file"},
	{"kube-proxy", "proxy-args-file"},
}

// group is the running programs; ended gets the reason of each that ends.
type group struct {
	running []*exec.Cmd
	ended   chan error
}

func main() {
	log.SetFlags(0)
	files := make(map[string]*string, len(programs))
	for _, program := range programs {
		files[program.name] = flag.String(program.flag, "", "file with the flags of "+program.name+", one a line")
	}
	ready := flag.String("apiserver-readyz", "https://127.0.0.1:16443/readyz", "what must answer 200 before the others start")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	g := &group{ended: make(chan error, len(programs))}
	err := g.run(ctx, files, *ready)
	g.stop()
	if err != nil && ctx.Err() == nil {
		log.Fatal(err)
	}
}

func (g *group) run(ctx context.Context, files map[string]*string, readyURL string) error {
	for _, program := range programs {
		file := *files[program.name]
		if file == "" {
			continue
		}
		if err := g.start(program.name, file); err != nil {
			return err
		}
		if program.name == apiServer {
			if err := g.awaitReady(ctx, readyURL); err != nil {
				return err
			}
		}
	}
	if len(g.running) == 0 {
		return errors.New("kubelite: no args file given, nothing to run")
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-g.ended:
		return err
	}
}

func (g *group) start(name, argsFile string) error {
	args, err := readArgs(argsFile)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.Command(filepath.Join(filepath.Dir(self), name), args...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	// Whatever ends kubelite ends its programs: a SIGKILL must not leave an API server behind.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	g.running = append(g.running, command)
	go func() {
		err := command.Wait()
		g.ended <- fmt.Errorf("%s ended: %v", name, err)
	}()
	return nil
}

// awaitReady also watches the program it waits for: an API server whose datastore is away may end before it serves.
func (g *group) awaitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	client := &http.Client{
		Timeout: 2 * time.Second,
		// The question is only whether this node's own server is up; nothing secret is sent.
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	}
	defer client.CloseIdleConnections()
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		answer, err := client.Get(url)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer at %s: %w", apiServer, url, ctx.Err())
		case err := <-g.ended:
			return err
		case <-tick.C:
		}
	}
}

func (g *group) stop() {
	for _, command := range g.running {
		_ = command.Process.Signal(syscall.SIGTERM)
	}
	deadline := time.After(stopTimeout)
	for range g.running {
		select {
		case <-g.ended:
		case <-deadline:
			for _, command := range g.running {
				_ = command.Process.Kill()
			}
			return
		}
	}
}

func readArgs(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var args []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line != "" && !strings.HasPrefix(line, "#") {
			args = append(args, os.Expand(line, os.Getenv))
		}
	}
	return args, lines.Err()
}
