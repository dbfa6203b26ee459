<?php
// Shows the greeting that the database holds. Where the database is and how to
// log in comes from the environment of the php-fpm pool.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
try {
    $db = new mysqli(getenv('DB_HOST'), getenv('DB_USER'), getenv('DB_PASSWORD'), getenv('DB_NAME'));
    $row = $db->query('SELECT hello FROM testable')->fetch_assoc();
    header('Content-Type: text/plain; charset=utf-8');
    echo $row['hello'];
} catch (mysqli_sql_exception $e) {
    error_log('database: ' . $e->getMessage());
    http_response_code(503);
    echo 'The database does not answer.';
}
