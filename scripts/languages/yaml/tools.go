//go:build tools

// Package tools pins the modules of the YAML language host; the build uses its package directly.
package tools

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
