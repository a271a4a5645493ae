// Command pulumi-sdk writes the SDK that Pulumi's own generators make of a package's schema: pulumi-sdk SCHEMA python|go FOLDER. The CLI does that
// through language hosts, which are in no registry.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/blang/semver"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: pulumi-sdk SCHEMA python|go FOLDER")
	}
	text, err := os.ReadFile(os.Args[1])
	check(err)
	var spec schema.PackageSpec
	check(json.Unmarshal(text, &spec))
	pkg, problems, err := schema.BindSpec(spec, alone{}, schema.ValidationOptions{})
	check(err)
	for _, problem := range problems {
		log.Printf("%s: %s", problem.Summary, problem.Detail)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
	var files map[string][]byte
	switch os.Args[2] {
	case "python":
		files, err = python.GeneratePackage("pulumi-sdk", pkg, nil, alone{})
	case "go":
		files, err = gogen.GeneratePackage("pulumi-sdk", pkg, nil)
	default:
		log.Fatalf("no generator for %s", os.Args[2])
	}
	check(err)
	for name, content := range files {
		file := filepath.Join(os.Args[3], name)
		check(os.MkdirAll(filepath.Dir(file), 0o755))
		check(os.WriteFile(file, content, 0o644))
	}
}

// alone is the loader of a package that refers to no other one.
type alone struct{ schema.ReferenceLoader }

func (alone) LoadPackage(pkg string, _ *semver.Version) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", pkg)
}

func (alone) LoadPackageV2(_ context.Context, descriptor *schema.PackageDescriptor) (*schema.Package, error) {
	return nil, fmt.Errorf("the schema refers to the package %s", descriptor.Name)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
