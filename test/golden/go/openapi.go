// Package service holds the document of the API, next to which embedding has to sit.
package service

import _ "embed"

// OpenAPI is openapi.json as it is served.
//
//go:embed openapi.json
var OpenAPI []byte
