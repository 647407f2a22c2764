//go:build tools

// Package tools pins the engine's modules; the build uses its package directly.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
