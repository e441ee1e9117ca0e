import java.nio.file.Path;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** Starts Neo4j Community out of its jars: HOME and the settings file. Its builder ends it when the JVM is told to end. */
public class Neo4jServer {
    public static void main(String[] args) {
        new DatabaseManagementServiceBuilder(Path.of(args[0])).loadPropertiesFromFile(Path.of(args[1])).build();
    }
}
