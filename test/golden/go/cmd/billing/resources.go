package main

import (
	"context"

	"example.com/billing/internal/database"
	"example.com/billing/internal/web"

	"example.com/billing/internal/invoices"
)

// resources lists what adds its routes under /v1.
func resources() []func(context.Context, *web.API, *database.DB) error {
	return []func(context.Context, *web.API, *database.DB) error{
		invoices.Register,
	}
}
