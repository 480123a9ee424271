package invite

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

const (
	dayMs    = 24 * 60 * 60 * 1000
	payer    = "123456789012"
	customer = "222222222222"
)

func TestInviteAccounts(t *testing.T) {
	ctx := context.Background()
	simulator := startSimulator(t)
	client := simulator.client(payer)
	run := func(name string, test func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			simulator.control(t, "POST", "/reset", "empty")
			if _, err := client.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}); err != nil {
				t.Fatal(err)
			}
			test(t)
		})
	}
	expectInvited := func(t *testing.T, expected ...string) {
		t.Helper()
		invited, err := InviteAccounts(ctx, client, []string{customer})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(invited, append([]string{}, expected...)) {
			t.Fatalf("invited %v instead of %v", invited, expected)
		}
	}
	failNextInvitation := func(t *testing.T, name string) {
		t.Helper()
		simulator.control(t, "POST", "/failures", map[string]any{
			"operation": "InviteAccountToOrganization",
			"failure":   map[string]string{"kind": "error", "error": name},
			"times":     1,
		})
	}

	run("invites an account once, and not after it has joined", func(t *testing.T) {
		expectInvited(t, customer)
		expectInvited(t)

		guest := simulator.client(customer)
		list, err := guest.ListHandshakesForAccount(ctx, &organizations.ListHandshakesForAccountInput{})
		if err != nil {
			t.Fatal(err)
		}
		accept := organizations.AcceptHandshakeInput{HandshakeId: list.Handshakes[0].Id}
		if _, err := guest.AcceptHandshake(ctx, &accept); err != nil {
			t.Fatal(err)
		}
		expectInvited(t)
	})

	run("invites an account again when its invitation has expired", func(t *testing.T) {
		expectInvited(t, customer)
		simulator.control(t, "PATCH", "/clock", map[string]int{"advanceMs": 16 * dayMs})
		expectInvited(t, customer)
	})

	run("invites all accounts while AWS limits the rate of calls", func(t *testing.T) {
		failNextInvitation(t, "TooManyRequestsException")
		expectInvited(t, customer)
	})

	run("reports other exceptions", func(t *testing.T) {
		failNextInvitation(t, "AccessDeniedException")
		_, err := InviteAccounts(ctx, client, []string{customer})
		var denied *types.AccessDeniedException
		if !errors.As(err, &denied) {
			t.Fatalf("expected an AccessDeniedException, got %v", err)
		}
	})
}
