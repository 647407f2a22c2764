//go:build tools

// Package tools pins the engine's modules; the binary is built straight from its package.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
