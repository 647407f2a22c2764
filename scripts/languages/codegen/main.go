// Command ostor-codegen writes the SDKs of a Pulumi schema: ostor-codegen <schema.json> <folder>.
// The folder receives nodejs/, python/ and go/, and must not contain older files.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "ostor-codegen"

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("usage: %s <schema.json> <folder>", tool))
	}
	text, err := os.ReadFile(os.Args[1])
	fail(err)
	for _, language := range []string{"nodejs", "python", "go"} {
		files, err := generate(language, text)
		fail(err)
		for name, content := range files {
			path := filepath.Join(os.Args[2], language, name)
			fail(os.MkdirAll(filepath.Dir(path), 0o755))
			fail(os.WriteFile(path, content, 0o644))
		}
	}
}

// noOthers loads no other package: the schema refers to none, and a reference would end the program.
type noOthers struct{ schema.ReferenceLoader }

// generate binds the schema again for each language, because a generator changes the package that it is given.
func generate(language string, text []byte) (map[string][]byte, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, noOthers{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	// Warnings too: BindSpec warns of mistakes such as a required property that does not exist.
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	switch language {
	case "nodejs":
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, noOthers{})
	case "python":
		return python.GeneratePackage(tool, pkg, nil, noOthers{})
	default:
		return gogen.GeneratePackage(tool, pkg, nil)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
