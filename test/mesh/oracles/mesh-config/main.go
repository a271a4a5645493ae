// Says what istiod thinks of mesh configurations: reads one JSON object a line, {"mesh": ..., "networks": ...}, and
// answers each with one line, {"mesh": <error>, "networks": <error>, "providers": <error>, "config": <what was read>};
// an empty error means accepted.
//
// It calls the functions that istiod reads its ConfigMap with. Built inside the module of the mesh tests' tools, so that
// it is of the same version as istiod.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/validation/agent"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/util/protomarshal"
)

type question struct {
	Mesh     json.RawMessage `json:"mesh"`
	Networks json.RawMessage `json:"networks"`
}

type answer struct {
	Mesh      string `json:"mesh"`
	Networks  string `json:"networks"`
	Providers string `json:"providers"`
	// Config is the mesh configuration that istiod would run with, in JSON.
	Config json.RawMessage `json:"config"`
}

func main() {
	// Answers alone belong on standard output.
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	if err := log.Configure(options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		config, meshErr := mesh.ApplyMeshConfigDefaults(string(asked.Mesh))
		_, networksErr := mesh.ParseMeshNetworks(string(asked.Networks))
		_ = out.Encode(answer{text(meshErr), text(networksErr), text(providers(config)), read(config)})
	}
}

// providers repeats the checks that istiod only logs.
func providers(config *meshconfig.MeshConfig) error {
	for _, provider := range config.GetExtensionProviders() {
		var err error
		switch p := provider.Provider.(type) {
		case *meshconfig.MeshConfig_ExtensionProvider_Opentelemetry:
			err = agent.ValidateExtensionProviderTracingOpentelemetry(p.Opentelemetry)
		case *meshconfig.MeshConfig_ExtensionProvider_EnvoyOtelAls:
			err = agent.ValidateExtensionProviderEnvoyOtelAls(p.EnvoyOtelAls)
		case *meshconfig.MeshConfig_ExtensionProvider_EnvoyExtAuthzGrpc:
			err = agent.ValidateExtensionProviderEnvoyExtAuthzGRPC(p.EnvoyExtAuthzGrpc)
		case *meshconfig.MeshConfig_ExtensionProvider_EnvoyExtAuthzHttp:
			err = agent.ValidateExtensionProviderEnvoyExtAuthzHTTP(p.EnvoyExtAuthzHttp)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", provider.Name, err)
		}
	}
	return nil
}

func read(config *meshconfig.MeshConfig) json.RawMessage {
	if config == nil {
		return json.RawMessage("null")
	}
	text, err := protomarshal.ToJSON(config)
	if err != nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(text)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
