// Command kubeadm is Kubernetes' own; it needs no more than to be compiled.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app/cmd"
)

func main() {
	os.Exit(cli.Run(kubeadm.NewKubeadmCommand(os.Stdin, os.Stdout, os.Stderr)))
}
