// Command cloud-controller-manager is that of a cloud whose instances are the virtual Pis: it tells the cluster their
// addresses and takes the taint from those that are known. The cloud has nothing else.
package main

import (
	"context"
	"fmt"
	"os"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	cloudprovider "k8s.io/cloud-provider"
	cloudnode "k8s.io/cloud-provider/api"
	"k8s.io/cloud-provider/app"
	"k8s.io/cloud-provider/app/config"
	"k8s.io/cloud-provider/names"
	"k8s.io/cloud-provider/options"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/cli/flag"
	"k8s.io/klog/v2"
)

const providerName = "lab"

func main() {
	settings, err := options.NewCloudControllerManagerOptions()
	if err != nil {
		klog.Fatalf("making the options of the cloud controller manager: %v", err)
	}
	// Those of services and routes would only say that the cloud has neither.
	controllers := map[string]app.ControllerInitFuncConstructor{}
	for _, name := range []string{names.CloudNodeController, names.CloudNodeLifecycleController} {
		controllers[name] = app.DefaultInitFuncConstructors[name]
	}
	provide := func(*config.CompletedConfig) cloudprovider.Interface { return cloud{} }
	command := app.NewCloudControllerManagerCommand(
		settings, provide, controllers, names.CCMControllerAliases(), flag.NamedFlagSets{}, wait.NeverStop)
	os.Exit(cli.Run(command))
}

// cloud is what the lab offers as a cloud provider: instances and nothing else.
type cloud struct{}

func (cloud) Initialize(cloudprovider.ControllerClientBuilder, <-chan struct{}) {}
func (cloud) LoadBalancer() (cloudprovider.LoadBalancer, bool)                  { return nil, false }
func (cloud) Instances() (cloudprovider.Instances, bool)                        { return nil, false }
func (cloud) InstancesV2() (cloudprovider.InstancesV2, bool)                    { return instances{}, true }
func (cloud) Zones() (cloudprovider.Zones, bool)                                { return nil, false }
func (cloud) Clusters() (cloudprovider.Clusters, bool)                          { return nil, false }
func (cloud) Routes() (cloudprovider.Routes, bool)                              { return nil, false }
func (cloud) ProviderName() string                                              { return providerName }
func (cloud) HasClusterID() bool                                                { return true }

// instances are the nodes themselves: a virtual Pi that has joined exists for as long as the lab does, with power or
// without.
type instances struct{}

func (instances) InstanceExists(context.Context, *v1.Node) (bool, error)   { return true, nil }
func (instances) InstanceShutdown(context.Context, *v1.Node) (bool, error) { return false, nil }

// InstanceMetadata tells what the kubelet said of its node: --node-ip is in an annotation until a cloud confirms it.
func (instances) InstanceMetadata(_ context.Context, node *v1.Node) (*cloudprovider.InstanceMetadata, error) {
	address, told := node.Annotations[cloudnode.AnnotationAlphaProvidedIPAddr]
	if !told {
		return nil, fmt.Errorf("node %s has no annotation %s; start its kubelet with --node-ip", node.Name, cloudnode.AnnotationAlphaProvidedIPAddr)
	}
	return &cloudprovider.InstanceMetadata{
		ProviderID:   providerName + "://" + node.Name,
		InstanceType: "virtual-pi",
		NodeAddresses: []v1.NodeAddress{
			{Type: v1.NodeHostName, Address: node.Name},
			{Type: v1.NodeInternalIP, Address: address},
		},
	}, nil
}
