// RDF4J in memory behind the SPARQL protocol, at the addresses that RDF4J's own server has; for
// tests. Run: java -cp 'jars/*' Rdf4jServer.java PORT

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.query.BooleanQuery;
import org.eclipse.rdf4j.query.GraphQuery;
import org.eclipse.rdf4j.query.MalformedQueryException;
import org.eclipse.rdf4j.query.Operation;
import org.eclipse.rdf4j.query.Query;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.impl.SimpleDataset;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLBooleanJSONWriter;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.Repository;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.ntriples.NTriplesWriter;
import org.eclipse.rdf4j.sail.memory.MemoryStore;

public final class Rdf4jServer {
    private static final String PLACE = "/repositories/ds";
    private static final int SECONDS = 300;
    private final Repository repository = new SailRepository(new MemoryStore());

    private record Answer(int status, String kind, byte[] body) {
        static Answer done() {
            return new Answer(204, "text/plain", new byte[0]);
        }

        static Answer said(int status, String words) {
            return new Answer(status, "text/plain", words.getBytes(StandardCharsets.UTF_8));
        }
    }

    private interface Asked {
        Answer of(Map<String, List<String>> form, HttpExchange exchange) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        Rdf4jServer own = new Rdf4jServer();
        InetAddress here = InetAddress.getLoopbackAddress();
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        own.at(server, PLACE, (form, exchange) -> own.asked(form));
        own.at(server, PLACE + "/statements", (form, exchange) -> own.updated(form));
        own.at(server, PLACE + "/rdf-graphs/service", own::graph);
        server.start();
    }

    private void at(HttpServer server, String path, Asked asked) {
        server.createContext(path, exchange -> {
            Answer answer;
            try {
                answer = exchange.getRequestURI().getPath().equals(path)
                    ? asked.of(form(exchange), exchange)
                    : Answer.said(404, "nothing here");
            } catch (MalformedQueryException | IllegalArgumentException error) {
                answer = Answer.said(400, String.valueOf(error.getMessage()));
            } catch (Exception | StackOverflowError error) {
                answer = Answer.said(500, String.valueOf(error));
            }
            exchange.getResponseHeaders().set("Content-Type", answer.kind());
            int length = answer.body().length;
            exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
            if (length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
            exchange.close();
        });
    }

    /** Gives what stands in the address, and in the body of a form. */
    private static Map<String, List<String>> form(HttpExchange exchange) throws IOException {
        Map<String, List<String>> form = new HashMap<>();
        read(form, exchange.getRequestURI().getRawQuery());
        String kind = exchange.getRequestHeaders().getFirst("Content-Type");
        if (kind != null && kind.startsWith("application/x-www-form-urlencoded")) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            read(form, new String(body, StandardCharsets.UTF_8));
        }
        return form;
    }

    private static void read(Map<String, List<String>> form, String text) {
        if (text == null || text.isEmpty()) {
            return;
        }
        for (String pair : text.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8);
            form.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(value);
        }
    }

    private Answer asked(Map<String, List<String>> form) {
        if (!form.containsKey("query")) {
            return Answer.said(400, "no query");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RepositoryConnection connection = repository.getConnection()) {
            Query query = connection.prepareQuery(form.get("query").get(0));
            query.setMaxExecutionTime(SECONDS);
            over(query, form);
            if (query instanceof TupleQuery rows) {
                rows.evaluate(new SPARQLResultsJSONWriter(out));
                return new Answer(200, "application/sparql-results+json", out.toByteArray());
            }
            if (query instanceof GraphQuery graph) {
                graph.evaluate(new NTriplesWriter(out));
                return new Answer(200, "application/n-triples", out.toByteArray());
            }
            new SPARQLBooleanJSONWriter(out).handleBoolean(((BooleanQuery) query).evaluate());
            return new Answer(200, "application/sparql-results+json", out.toByteArray());
        }
    }

    /** Has a query asked of the graphs that the protocol names, if it names any. */
    private void over(Operation query, Map<String, List<String>> form) {
        List<String> unnamed = form.getOrDefault("default-graph-uri", List.of());
        List<String> named = form.getOrDefault("named-graph-uri", List.of());
        if (unnamed.isEmpty() && named.isEmpty()) {
            return;
        }
        SimpleDataset graphs = new SimpleDataset();
        unnamed.forEach(iri -> graphs.addDefaultGraph(repository.getValueFactory().createIRI(iri)));
        named.forEach(iri -> graphs.addNamedGraph(repository.getValueFactory().createIRI(iri)));
        query.setDataset(graphs);
    }

    private Answer updated(Map<String, List<String>> form) {
        if (!form.containsKey("update")) {
            return Answer.said(400, "no update");
        }
        try (RepositoryConnection connection = repository.getConnection()) {
            connection.begin();
            connection.prepareUpdate(form.get("update").get(0)).execute();
            connection.commit();
        }
        return Answer.done();
    }

    private Answer graph(Map<String, List<String>> form, HttpExchange exchange) throws IOException {
        IRI graph = repository.getValueFactory().createIRI(form.get("graph").get(0));
        String method = exchange.getRequestMethod();
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (RepositoryConnection connection = repository.getConnection()) {
            connection.begin();
            if (method.equals("PUT") || method.equals("DELETE")) {
                connection.clear(graph);
            }
            if (method.equals("PUT") || method.equals("POST")) {
                connection.add(new ByteArrayInputStream(body), "", RDFFormat.NTRIPLES, graph);
            }
            connection.commit();
        }
        return Answer.done();
    }
}
