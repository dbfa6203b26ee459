<?php
// Lists the articles of the shop.
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
header('Content-Type: text/plain; charset=utf-8');
try {
    $db = new mysqli(getenv('DB_HOST'), getenv('DB_USER'), getenv('DB_PASSWORD'), getenv('DB_NAME'));
    foreach ($db->query('SELECT name, price FROM articles ORDER BY id') as $article) {
        printf("%s: %s\n", $article['name'], $article['price'] ?? 'free');
    }
} catch (mysqli_sql_exception $e) {
    error_log('database: ' . $e->getMessage());
    http_response_code(503);
    echo "The shop is closed.\n";
}
