// Command elector is a small application of which one replica leads: it elects its leader by a Lease, as controllers do,
// and whoever leads acts every tenth of a second. An act is written down in a ConfigMap with the number of its term, by
// which it can be told afterwards whether a leader that was thought gone has acted once more: the ledger takes every
// act, as a resource that does not look at fencing tokens would.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

const (
	lease  = "elector"
	ledger = "elector"
	// Those that client-go recommends, and that the controllers of Kubernetes have.
	leaseDuration = 15 * time.Second
	renewDeadline = 10 * time.Second
	retryPeriod   = 2 * time.Second
	actEvery      = 100 * time.Millisecond
	actDeadline   = time.Second
)

func main() {
	log.SetFlags(log.LstdFlags | log.Lmicroseconds)
	name, namespace := os.Getenv("POD_NAME"), os.Getenv("POD_NAMESPACE")
	if name == "" || namespace == "" {
		log.Fatal("POD_NAME and POD_NAMESPACE must say which pod this is")
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		log.Fatalf("reading the pod's own credentials: %v", err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatalf("making a client: %v", err)
	}
	var leads atomic.Bool
	go serve(name, &leads)

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: lease, Namespace: namespace},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: name},
	}
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock:          lock,
		LeaseDuration: leaseDuration,
		RenewDeadline: renewDeadline,
		RetryPeriod:   retryPeriod,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				leads.Store(true)
				act(ctx, client, lock, name, namespace)
			},
			// It ends, so that nothing of an old term goes on; its pod starts it anew.
			OnStoppedLeading: func() { log.Fatalf("%s does not lead any more", name) },
		},
	})
}

// serve answers every replica's users, whoever leads.
func serve(name string, leads *atomic.Bool) {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Pod", name)
		fmt.Fprintf(w, "%s leads: %t\n", name, leads.Load())
	})
	log.Fatal(http.ListenAndServe(":80", nil))
}

// act writes one act after the other, for as long as this replica takes itself for the leader. Its term is how often the
// Lease had changed hands: nobody else can have had the same.
func act(ctx context.Context, client kubernetes.Interface, lock *resourcelock.LeaseLock, name, namespace string) {
	record, _, err := lock.Get(ctx)
	if err != nil {
		log.Fatalf("reading the Lease for its term: %v", err)
	}
	term := record.LeaderTransitions + 1
	log.Printf("%s leads in term %d", name, term)
	ticker := time.NewTicker(actEvery)
	defer ticker.Stop()
	for count := 1; ; {
		patch := fmt.Sprintf(`{"data":{"%d":"%s %d"}}`, term, name, count)
		within, cancel := context.WithTimeout(ctx, actDeadline)
		_, err := client.CoreV1().ConfigMaps(namespace).Patch(within, ledger, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
		cancel()
		if err == nil {
			count++
		} else if ctx.Err() == nil {
			log.Printf("act %d of term %d: %v", count, term, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
