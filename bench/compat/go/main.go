// Calls AWS Organizations with the AWS SDK for Go v2: a request a line on standard input, its outcome a line on
// standard output. The members of an input have the same names in the SDK's structures as in the API model.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/smithy-go"
)

type request struct {
	Operation string          `json:"operation"`
	Account   string          `json:"account"`
	Input     json.RawMessage `json:"input"`
	PageSize  int32           `json:"pageSize"`
}

type outcome struct {
	Kind    string      `json:"kind"`
	Output  interface{} `json:"output,omitempty"`
	Name    string      `json:"name,omitempty"`
	Message string      `json:"message,omitempty"`
}

func client(url string, account string) *organizations.Client {
	return organizations.New(organizations.Options{
		Region:           "us-east-1",
		EndpointResolver: organizations.EndpointResolverFromURL(url),
		Retryer:          aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: account, SecretAccessKey: "any"}, nil
		}),
	})
}

func call(url string, asked request) (outcome, error) {
	method := reflect.ValueOf(client(url, asked.Account)).MethodByName(asked.Operation)
	if !method.IsValid() {
		return outcome{Kind: "not known"}, nil
	}
	input := reflect.New(method.Type().In(1).Elem())
	decoder := json.NewDecoder(strings.NewReader(string(asked.Input)))
	// A member that the SDK does not have must not be lost without notice.
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(input.Interface()); err != nil {
		return outcome{}, err
	}
	if asked.PageSize > 0 {
		input.Elem().FieldByName("MaxResults").Set(reflect.ValueOf(aws.Int32(asked.PageSize)))
	}
	var all reflect.Value
	for {
		results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
		if err, failed := results[1].Interface().(error); failed {
			return failure(err)
		}
		page := results[0].Elem()
		if all.IsValid() {
			appendItems(all, page)
		} else {
			all = page
		}
		token := page.FieldByName("NextToken")
		if asked.PageSize == 0 || !token.IsValid() || token.IsNil() {
			return outcome{Kind: "ok", Output: all.Addr().Interface()}, nil
		}
		input.Elem().FieldByName("NextToken").Set(token)
	}
}

// Adds the items of a page to those of the pages before.
func appendItems(all reflect.Value, page reflect.Value) {
	for index := 0; index < page.NumField(); index++ {
		if field := page.Field(index); field.Kind() == reflect.Slice {
			all.Field(index).Set(reflect.AppendSlice(all.Field(index), field))
		}
	}
}

// The name is that of the SDK's type for the exception, so that one without a type of its own is noticed.
func failure(err error) (outcome, error) {
	var exception smithy.APIError
	if !errors.As(err, &exception) {
		return outcome{}, err
	}
	kind := reflect.TypeOf(exception).Elem().Name()
	if kind != strings.TrimPrefix(exception.ErrorCode(), "AWS") && kind != exception.ErrorCode() {
		return outcome{}, fmt.Errorf("%s has the type %s", exception.ErrorCode(), kind)
	}
	return outcome{Kind: "exception", Name: exception.ErrorCode(), Message: exception.ErrorMessage()}, nil
}

func main() {
	url := os.Args[1]
	out := json.NewEncoder(os.Stdout)
	out.Encode("AWS SDK for Go v2 " + aws.SDKVersion)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16*1024*1024)
	for lines.Scan() {
		var asked request
		err := json.Unmarshal(lines.Bytes(), &asked)
		if err == nil {
			var result outcome
			if result, err = call(url, asked); err == nil {
				err = out.Encode(result)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, asked.Operation, err)
			os.Exit(1)
		}
	}
}
