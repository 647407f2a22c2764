//go:build tools

// Package tools pins the language host's modules; the build uses its package directly.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
