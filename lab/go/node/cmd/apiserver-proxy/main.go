// Command apiserver-proxy is how a worker reaches the control plane: it listens on the API server's port and passes
// each connection on to a control plane, in turn. Like MicroK8s' own, it dials without a time-out of its own and sets
// a server that refused aside for a minute.
package main

import (
	"bufio"
	"flag"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

const setAside = time.Minute

// upstreams are the control planes' addresses; those that refused rest until their time.
type upstreams struct {
	mutex     sync.Mutex
	addresses []string
	rest      map[string]time.Time
	next      int
}

func main() {
	log.SetFlags(0)
	listen := flag.String("listen", ":16443", "address to listen on")
	file := flag.String("servers", "", "file with the control planes' addresses, host:port, one a line")
	flag.Parse()

	addresses, err := readLines(*file)
	if err != nil {
		log.Fatal(err)
	}
	if len(addresses) == 0 {
		log.Fatalf("%s: no addresses in it", *file)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	servers := &upstreams{addresses: addresses, rest: map[string]time.Time{}}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go servers.serve(connection)
	}
}

func (u *upstreams) serve(client net.Conn) {
	defer client.Close()
	for range u.addresses {
		address := u.pick()
		server, err := net.Dial("tcp", address)
		if err != nil {
			log.Printf("%s: %v", address, err)
			u.setAside(address)
			continue
		}
		defer server.Close()
		done := make(chan struct{}, 2)
		pass := func(to, from net.Conn) {
			_, _ = io.Copy(to, from)
			done <- struct{}{}
		}
		go pass(server, client)
		go pass(client, server)
		<-done
		return
	}
}

// pick goes round the addresses that do not rest; if all rest, round all of them.
func (u *upstreams) pick() string {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	now := time.Now()
	for range u.addresses {
		address := u.addresses[u.next%len(u.addresses)]
		u.next++
		if now.After(u.rest[address]) {
			return address
		}
	}
	address := u.addresses[u.next%len(u.addresses)]
	u.next++
	return address
}

func (u *upstreams) setAside(address string) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	u.rest[address] = time.Now().Add(setAside)
}

func readLines(path string) ([]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var lines []string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		if line := strings.TrimSpace(scanner.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, scanner.Err()
}
