package invite

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
)

// simulator is `orgql simulate` on a free port.
type simulator struct{ url string }

// startSimulator starts a simulator that ends with the test. The variable ORGQL has another command than `orgql`.
func startSimulator(t *testing.T) *simulator {
	t.Helper()
	command := strings.Fields(os.Getenv("ORGQL"))
	if len(command) == 0 {
		command = []string{"orgql"}
	}
	process := exec.Command(command[0], append(command[1:], "simulate", "--port", "0", "--seed", "empty")...)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
	})
	ready, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the simulator did not start: %v", err)
	}
	fields := strings.Fields(ready)
	return &simulator{url: fields[len(fields)-1]}
}

// client returns a client of AWS Organizations that calls as an account.
func (s *simulator) client(accountID string) *organizations.Client {
	return organizations.New(organizations.Options{
		BaseEndpoint: aws.String(s.url),
		Region:       "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: accountID, SecretAccessKey: "any"}, nil
		}),
	})
}

// control calls the control interface.
func (s *simulator) control(t *testing.T, method, path string, body any) {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, s.url+"/_orgql"+path, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("content-type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
}
